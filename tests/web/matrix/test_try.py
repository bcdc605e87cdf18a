import time
import pytest
from tests.web.matrix.world import the_world, ask
@pytest.mark.django_db
def test_it(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        t=time.time()
        with the_world() as w:
            print("BUILT", time.time()-t, len(w.actors))
            t=time.time()
            a=ask(w,"officer","GET",f"/reviews/{w.own.review.pk}/details/")
            print(a.status, len(a.body), a.fault, time.time()-t)
            for k,v in w.own.secrets.items():
                if v in a.everything: print("  sees",k)
            for act in w.actors:
                a=ask(w,act,"GET",f"/reviews/{w.own.review.pk}/details/"); print(act,a.status,a.refused, end="; ")
