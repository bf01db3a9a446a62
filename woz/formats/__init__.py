"""The field's file formats, a module each, reading and writing; `registry` knows them all."""
