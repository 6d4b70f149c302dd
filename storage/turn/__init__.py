"""What one turn has read, and what it is about: asked once."""
