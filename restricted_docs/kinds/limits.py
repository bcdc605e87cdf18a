"""How much a file may unpack to, before it counts as a bomb. Nothing here is ever reached by a paper that people wrote."""

MEMBERS = 5_000  # files in one package
UNPACKED = 1_000_000_000  # bytes that a whole package may unpack to
RATIO, RATIO_FROM = 150, 20_000_000  # times its packed size, once it is more than this many bytes
XML_PART = 200_000_000  # bytes of one part that is read as XML
SMALL_PART = 4_000_000  # bytes of a part that lists others: content types, relationships, manifest
LISTS = 2_000  # relationship parts that are read
OLE_ENTRIES = 20_000  # streams and storages of a compound file
PIXELS = 100_000_000  # of a picture: a page at 600 dots an inch has 35 million
OBJECT_STREAMS = 200_000_000  # bytes that the object streams of a PDF may unpack to
OBJECT_STREAM_COUNT = 100_000  # object streams of a PDF: one holds a hundred objects or so
PICTURE_PARTS = 200_000  # parts of a picture before its end: a PNG of 200 MB has 25,000
