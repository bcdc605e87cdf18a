"""Our addresses, and beside them viewflow's own pages for the bare flow: its inbox, its queue, its lists."""

from django.urls import path
from viewflow.urls import Site
from viewflow.workflow.flow import FlowAppViewset

from dhr.urls import urlpatterns as ours

from .bare_flow import BareFlow

stock = Site(title="viewflow", viewsets=[FlowAppViewset(BareFlow, icon="work")])
urlpatterns = [path("stock/", stock.urls), *ours]
