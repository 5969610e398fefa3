"""The rules of the house, executable: what a reader may count on anywhere in the tree."""
