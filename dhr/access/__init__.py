"""Who may: roles and their permissions, grants on one object, and the veto that comes before them."""
