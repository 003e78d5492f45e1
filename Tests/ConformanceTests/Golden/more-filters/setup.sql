CREATE SCHEMA sales; CREATE SCHEMA hr;
CREATE TABLE sales.orders_2023 (id int PRIMARY KEY, region text, code varchar(10), secret text, note text);
CREATE TABLE sales.orders_2024 (LIKE sales.orders_2023 INCLUDING ALL);
CREATE TABLE sales.archive (id int PRIMARY KEY, v text);
CREATE TABLE hr.people (id int PRIMARY KEY, email text, name text, salary numeric(10,2), born date);
INSERT INTO sales.orders_2023 VALUES (1, 'north', 'N1', 'hidden', 'a long note that is cut'), (2, NULL, NULL, NULL, NULL);
INSERT INTO sales.orders_2024 VALUES (1, 'south', 'S1', 'hidden', E'\U0001F600\U0001F601\U0001F602 emoji');
INSERT INTO sales.archive VALUES (1, 'no');
INSERT INTO hr.people VALUES (1, 'ann@example.org', 'Ann', 1234.50, '1990-05-05'), (2, NULL, 'Bob', NULL, NULL);
