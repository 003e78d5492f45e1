CREATE TABLE acc (id int PRIMARY KEY, name varchar(20), amount numeric(8,2) DEFAULT 1.50);
CREATE TABLE other (a int, b int, v text);
INSERT INTO acc VALUES (1, 'a', 10), (2, 'b', 20);
INSERT INTO other VALUES (1, 1, 'x');
