CREATE INDEX articles_published ON articles (published);
