CREATE TABLE small (id int PRIMARY KEY, v text);
CREATE TABLE large (id int PRIMARY KEY, v text, deleted boolean DEFAULT false);
CREATE TABLE none (id int PRIMARY KEY);
INSERT INTO small VALUES (1, 'a');
INSERT INTO large SELECT g, 'v' || g, g % 2 = 0 FROM generate_series(1, 6) g;
INSERT INTO none VALUES (1);
