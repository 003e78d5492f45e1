CREATE TABLE a (id int NOT NULL, code text NOT NULL, v text);
CREATE TABLE b (id int PRIMARY KEY, code text NOT NULL UNIQUE, v text);
INSERT INTO a VALUES (1, 'one', 'x'); INSERT INTO b VALUES (1, 'one', 'x'), (2, 'two', 'y');
