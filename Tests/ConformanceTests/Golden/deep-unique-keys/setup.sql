CREATE TABLE two (a int, b int NOT NULL, c int NOT NULL, v text);
CREATE UNIQUE INDEX z_b ON two (b); CREATE UNIQUE INDEX a_c ON two (c, b);
CREATE TABLE partial (a int, v text); CREATE UNIQUE INDEX p ON partial (a) WHERE v IS NOT NULL;
CREATE TABLE expr (a int, v text); CREATE UNIQUE INDEX e ON expr (lower(v)); CREATE UNIQUE INDEX e2 ON expr (a, lower(v));
CREATE TABLE incl (a int, b int, v text); CREATE UNIQUE INDEX i ON incl (b) INCLUDE (v);
CREATE TABLE uniq (a int UNIQUE, b text UNIQUE, v text);
CREATE TABLE deferred (a int NOT NULL, v text, UNIQUE (a) DEFERRABLE);
INSERT INTO two VALUES (1, 2, 3, 'x'); INSERT INTO partial VALUES (1, 'x'); INSERT INTO expr VALUES (1, 'x'); INSERT INTO incl VALUES (1, 2, 'x'); INSERT INTO uniq VALUES (1, 'b', 'x'); INSERT INTO deferred VALUES (1, 'x');
