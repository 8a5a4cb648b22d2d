using System.Net;
using KeysCluster.Grains.Deliveries;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Grains.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace KeysCluster.Grains.Tests.Deliveries;

/// <summary>What ends the deliveries of the silo that leads.</summary>
[Collection(ClusterTests.Name)]
public sealed class WebhookWorkerTests(KeysTestCluster cluster)
{
    [Fact]
    public async Task A_failure_of_background_work_cancels_no_delivery_that_is_being_sent()
    {
        using var receiver = new WebhookReceiver();
        using var released = new ManualResetEventSlim();
        var arrived = 0;
        receiver.RespondWith(_ =>
        {
            Interlocked.Increment(ref arrived);
            released.Wait(Wait.Timeout);
            return HttpStatusCode.OK;
        });
        var follower = new TestEventFollower(cluster);
        var (project, webhook) = await follower.CreateProjectAsync(receiver.Url);
        follower.Deliveries.Pending = [(project.Id, webhook)];
        follower.Deliveries.Add("vk_a", """{"type":"virtual_key.updated","data":{}}""", follower.Clock.GetUtcNow());
        var source = new TestExpirySource { IsFailing = true };
        using var worker = CreateWorker(follower, source);

        await worker.StartAsync(default);
        await Wait.UntilAsync(() => Volatile.Read(ref arrived) > 0);
        await Wait.UntilAsync(() => Advance(follower, () => source.CallCount > 2));
        released.Set();
        await Wait.UntilAsync(() => Advance(follower, () => follower.Deliveries.Attempts.Count > 0));
        await worker.StopAsync(default);

        Assert.Single(receiver.Messages);
        Assert.True(Assert.Single(follower.Deliveries.Attempts).Attempt.IsAccepted);
    }

    private static bool Advance(TestEventFollower follower, Func<bool> condition)
    {
        if (condition()) return true;
        follower.Clock.Advance(TimeSpan.FromSeconds(2));
        return false;
    }

    private WebhookWorker CreateWorker(TestEventFollower follower, TestExpirySource source)
    {
        var redeliveries = new RedeliveryRunner(
            new NoRedeliveries(),
            follower.Events,
            follower.Reader,
            follower.Queues,
            new DeliveryFactory(),
            follower.Clock,
            new FakeLogger<RedeliveryRunner>());
        return new WebhookWorker(
            new WebhookLeadership(follower.Deliveries, follower.Clock, new FakeLogger<WebhookLeadership>()),
            follower.Deliveries,
            follower.Deliveries,
            follower.Follower,
            follower.Deferred,
            redeliveries,
            follower.Queues,
            new ExpiryScanner(source, cluster.Grains, follower.Clock, new FakeLogger<ExpiryScanner>()),
            cluster.SiloServices.GetRequiredService<WebhookMetrics>(),
            Options.Create(new WebhookOptions()),
            follower.Clock,
            new FakeLogger<WebhookWorker>());
    }
}
