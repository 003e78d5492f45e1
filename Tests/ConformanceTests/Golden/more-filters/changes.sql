INSERT INTO sales.orders_2024 VALUES (2, 'east', 'E1', 'hidden too', 'short');
UPDATE sales.orders_2024 SET region = 'west' WHERE id = 2;
UPDATE sales.orders_2023 SET note = 'another very long note' WHERE id = 1;
INSERT INTO sales.archive VALUES (2, 'no');
UPDATE hr.people SET email = 'ann2@example.org', salary = 2000 WHERE id = 1;
DELETE FROM hr.people WHERE id = 2;
DELETE FROM sales.orders_2023 WHERE id = 2;
