CREATE TABLE debezium_signal (id varchar(64) PRIMARY KEY, type varchar(32) NOT NULL, data varchar(2048));
CREATE TABLE words (w text PRIMARY KEY, n int);
INSERT INTO words SELECT 'word-' || g, g FROM generate_series(1, 9) g;
CREATE TABLE ids (u uuid PRIMARY KEY, v numeric(6,2));
INSERT INTO ids SELECT ('00000000-0000-0000-0000-00000000000' || g)::uuid, g * 1.5 FROM generate_series(1, 5) g;
CREATE TABLE two (a int, b bigint, c text, PRIMARY KEY (b, a));
INSERT INTO two SELECT g, g % 3, 'c' || g FROM generate_series(1, 8) g;
CREATE TABLE empty (id int PRIMARY KEY);
