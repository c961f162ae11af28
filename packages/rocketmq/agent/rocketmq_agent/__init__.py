"""The host agent: makes a Linux host what the JSON document of a step says.

It needs Python 3.6 or later and nothing beside its standard library, because that is what every
supported Linux distribution has from the start.
"""

__version__ = "0.1.0"

# The format of the documents that this agent reads (`DOCUMENT_FORMAT` in documents.ts).
DOCUMENT_FORMAT = 1
