INSERT INTO people (id, name, e) VALUES (3, '', '');
UPDATE people SET name = 'Bob', code = 'zzzzzz' WHERE id = 2;
DELETE FROM people WHERE id = 1;
