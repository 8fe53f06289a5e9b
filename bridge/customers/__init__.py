"""Who we work for, and what we promised them."""
