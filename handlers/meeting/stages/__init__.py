"""A stage of a discussion: where it stands, its one card, what it still needs, what it begins with."""
