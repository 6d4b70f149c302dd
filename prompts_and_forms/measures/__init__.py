"""Questionnaires the unit uses: what they are, how they are scored, what a change means. No item's wording anywhere."""
