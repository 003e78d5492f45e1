INSERT INTO none VALUES (2);
UPDATE large SET v = 'w', id = 60 WHERE id = 6;
DELETE FROM small;
