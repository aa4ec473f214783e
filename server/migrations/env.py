"""Run by Alembic, over the connection that `server.database` hands it."""

from alembic import context

import server.audit.models
import server.calls.models
import server.customers.models
import server.devices.models
import server.dialling.models
import server.digits.models
import server.enrolment.models
import server.people.models  # noqa: F401
from server.database import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
