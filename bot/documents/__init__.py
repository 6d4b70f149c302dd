"""Documents of the record: PDF and Word for people, tables for managers, FHIR for other systems.

A document is first put together as plain values (model.py); each kind of file is drawn from those.
"""
