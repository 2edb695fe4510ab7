"""How the world reaches us: schemas, identity, problems, pages, and the document made from them."""
