"""What Icinga says, asked or unasked, and where its problems and our tickets disagree."""
