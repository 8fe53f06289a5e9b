"""The processes behind the web: they work the inbox through, keep time, and deliver."""
