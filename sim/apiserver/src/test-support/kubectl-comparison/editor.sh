#!/bin/sh
# What kubectl starts to edit a file: it replaces one text by another.
exec sed -i "s/$EDIT_FROM/$EDIT_TO/" "$1"
