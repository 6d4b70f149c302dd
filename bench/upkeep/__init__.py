"""What looking after the record costs: the audit, checking everything, erasing one family."""
