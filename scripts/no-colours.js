// In place of a package that colours borders of tables in a terminal: a page has none.
export {};
