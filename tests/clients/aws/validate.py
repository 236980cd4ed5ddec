# Validates requests against the service model that botocore ships: one JSON array of {operation, request} on stdin, one report a line on stdout.
import json
import sys

import botocore.session
from botocore.validate import ParamValidator

model = botocore.session.get_session().get_service_model('logs')
validator = ParamValidator()
for call in json.load(sys.stdin):
    report = validator.validate(call['request'], model.operation_model(call['operation']).input_shape)
    if report.has_errors():
        print(call['operation'], report.generate_report())
