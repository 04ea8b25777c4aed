"""Publishes with Tableau's own Python client what the test publishes with ours."""
import sys

import tableauserverclient as TSC

url, secret, folder, project = sys.argv[1:]
server = TSC.Server(url, use_server_version=False)
server.use_server_version()
with server.auth.sign_in(TSC.PersonalAccessTokenAuth("ci", secret, site_id="Samples")):
    item = TSC.DatasourceItem(project, name='Trends & <"more">')
    item.description = "two\nlines"
    server.datasources.publish(item, f"{folder}/trends.hyper", "Overwrite")
    item = TSC.DatasourceItem(project, name="Live")
    server.datasources.publish(item, f"{folder}/live.tds", "Overwrite")
    workbook = TSC.WorkbookItem(project, name="Board", show_tabs=True)
    server.workbooks.publish(workbook, f"{folder}/board.twbx", "Overwrite", skip_connection_check=True)
    item = TSC.DatasourceItem(project, name="Large")
    job = server.datasources.publish(item, f"{folder}/large.hyper", "Overwrite", as_job=True)
    server.jobs.wait_for_job(job)
