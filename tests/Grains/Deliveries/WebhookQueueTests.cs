using System.Net;
using KeysCluster.Grains.Deliveries;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Tests.Deliveries;

/// <summary>How the deliveries of one webhook are sent while its endpoint accepts and refuses them.</summary>
[Collection(ClusterTests.Name)]
public sealed class WebhookQueueTests(KeysTestCluster cluster)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Deliveries_of_a_key_arrive_in_order_although_some_are_refused_at_first()
    {
        using var queue = await TestWebhookQueue.CreateAsync(cluster);
        var received = 0;
        queue.Receiver.RespondWith(_ => Interlocked.Increment(ref received) % 3 == 0
            ? HttpStatusCode.InternalServerError
            : HttpStatusCode.OK);
        string[] keys = ["vk_a", "vk_b", "vk_c"];
        foreach (var revision in Enumerable.Range(1, 5))
            foreach (var key in keys) queue.Add(key, revision);

        await queue.RunAsync();

        Assert.Contains(queue.Receiver.Messages, message => message.Status == HttpStatusCode.InternalServerError);
        foreach (var key in keys)
        {
            var revisions = queue.Receiver.Accepted
                .Where(message => message.VirtualKeyId == key)
                .Select(message => message.Data.GetProperty("revision").GetInt32());
            Assert.Equal(Enumerable.Range(1, 5), revisions);
        }
    }

    [Fact]
    public async Task A_failing_endpoint_is_tried_with_one_delivery_at_a_time_after_pauses_from_the_first_delay()
    {
        using var queue = await TestWebhookQueue.CreateAsync(cluster);
        queue.Receiver.RespondWith(_ => HttpStatusCode.ServiceUnavailable);
        AddKeys(queue, 30);

        _ = queue.StartAsync();
        await queue.AdvanceUntilAsync(() => CountRounds(queue) > 4);

        var rounds = queue.Deliveries.Attempts.Take(queue.Deliveries.Attempts.Count - 1)
            .GroupBy(recorded => recorded.Attempt.At)
            .ToList();

        // Those that were being sent when the endpoint began to count as failing are recorded as well.
        Assert.InRange(rounds[0].Count(), EndpointHealth.OwnersOfFailingEndpoint, 12);
        Assert.All(rounds.Skip(1), round => Assert.Single(round));
        AssertDelay(FirstDelay, rounds[1].Key - rounds[0].Key);
        AssertDelay(TimeSpan.FromSeconds(30), rounds[2].Key - rounds[1].Key);
        AssertDelay(TimeSpan.FromMinutes(2), rounds[3].Key - rounds[2].Key);
    }

    [Fact]
    public async Task An_endpoint_that_accepts_again_receives_the_rest_at_once_and_fails_from_the_first_delay_again()
    {
        using var queue = await TestWebhookQueue.CreateAsync(cluster);
        queue.Receiver.RespondWith(_ => HttpStatusCode.ServiceUnavailable);
        AddKeys(queue, 30);
        var running = queue.StartAsync();
        await queue.AdvanceUntilAsync(() => CountRounds(queue) == 3);

        queue.Receiver.RespondWith(_ => HttpStatusCode.OK);
        await queue.Clock.AdvanceUntilAsync(running);

        var attempts = queue.Deliveries.Attempts;
        var accepted = attempts.First(recorded => recorded.Attempt.IsAccepted).Attempt.At;
        var refused = attempts.Where(recorded => !recorded.Attempt.IsAccepted).Select(recorded => recorded.Owner);
        Assert.All(
            attempts.Where(recorded => !refused.Contains(recorded.Owner)),
            recorded => Assert.Equal(accepted, recorded.Attempt.At));
        Assert.Equal(30, queue.Deliveries.Count(WebhookDeliveryStatus.Delivered));

        queue.Receiver.RespondWith(_ => HttpStatusCode.ServiceUnavailable);
        AddKeys(queue, 30);
        _ = queue.StartAsync();
        var count = attempts.Count;
        await queue.AdvanceUntilAsync(() => CountRounds(queue, count) == 2);
        var rounds = queue.Deliveries.Attempts.Skip(count).Select(recorded => recorded.Attempt.At).Distinct().ToList();
        AssertDelay(FirstDelay, rounds[1] - rounds[0]);
    }

    [Fact]
    public async Task A_message_that_is_never_accepted_delays_no_other_key()
    {
        using var queue = await TestWebhookQueue.CreateAsync(cluster);
        queue.Receiver.RespondWith(message => message.VirtualKeyId == "vk_refused"
            ? HttpStatusCode.UnprocessableEntity
            : HttpStatusCode.OK);
        queue.Add("vk_refused");
        _ = queue.StartAsync();
        await queue.AdvanceUntilAsync(attempts: 7);

        await queue.Clock.WaitForTimerAsync();
        queue.Add("vk_other");
        var added = queue.Clock.GetUtcNow();
        queue.Queue.Wake();

        await queue.AdvanceUntilAsync(() => queue.Deliveries.Attempts.Any(recorded => recorded.Attempt.IsAccepted));
        var accepted = queue.Deliveries.Attempts.Single(recorded => recorded.Attempt.IsAccepted);
        Assert.Equal(("vk_other", added), (accepted.Owner, accepted.Attempt.At));
    }

    [Fact]
    public async Task A_webhook_whose_endpoint_has_accepted_nothing_for_three_days_is_disabled()
    {
        using var queue = await TestWebhookQueue.CreateAsync(cluster);
        queue.Receiver.RespondWith(_ => HttpStatusCode.ServiceUnavailable);
        var failingSince = queue.Clock.GetUtcNow() - WebhookBackoff.Limit + TestData.Millisecond;
        queue.Add("vk_a", failingSince: failingSince);
        queue.Add("vk_a", revision: 2);

        var running = queue.StartAsync();
        await queue.AdvanceUntilAsync(attempts: 1);
        await queue.Clock.WaitForTimerAsync();
        Assert.Null((await queue.GetAsync()).DisabledAt);

        queue.Clock.Advance(2 * FirstDelay);
        await queue.Clock.AdvanceUntilAsync(running);
        Assert.Equal(WebhookDisabledReason.Failing, (await queue.GetAsync()).DisabledReason);
        Assert.Equal(2, queue.Deliveries.Attempts.Count);
        Assert.Equal(2, queue.Deliveries.Count(WebhookDeliveryStatus.Paused));
    }

    [Fact]
    public async Task A_message_that_is_refused_for_three_days_fails_while_the_endpoint_accepts_others()
    {
        using var queue = await TestWebhookQueue.CreateAsync(cluster);
        queue.Receiver.RespondWith(message => message.Data.GetProperty("revision").GetInt32() == 1
            ? HttpStatusCode.UnprocessableEntity
            : HttpStatusCode.OK);
        queue.Add("vk_b", revision: 2);
        await queue.RunAsync();

        queue.Add("vk_a", revision: 1, failingSince: queue.Clock.GetUtcNow() - WebhookBackoff.Limit + FirstDelay / 2);
        queue.Add("vk_a", revision: 2);
        await queue.RunAsync();

        Assert.Null((await queue.GetAsync()).DisabledAt);
        Assert.Equal(1, queue.Deliveries.Count(WebhookDeliveryStatus.Failed));
        Assert.Equal(2, queue.Deliveries.Count(WebhookDeliveryStatus.Delivered));
        Assert.Equal(4, queue.Deliveries.Attempts.Count);
    }

    [Fact]
    public async Task A_webhook_is_disabled_although_its_endpoint_accepted_something_before_the_three_days()
    {
        using var queue = await TestWebhookQueue.CreateAsync(cluster);
        queue.Add("vk_a");
        await queue.RunAsync();

        queue.Clock.Advance(WebhookBackoff.Limit);
        queue.Receiver.RespondWith(_ => HttpStatusCode.ServiceUnavailable);
        queue.Add("vk_a", failingSince: queue.Clock.GetUtcNow() - WebhookBackoff.Limit);
        await queue.RunAsync();

        Assert.Equal(WebhookDisabledReason.Failing, (await queue.GetAsync()).DisabledReason);
        Assert.Equal(1, queue.Deliveries.Count(WebhookDeliveryStatus.Paused));
    }

    [Fact]
    public async Task Deliveries_that_are_paused_just_after_the_webhook_was_enabled_are_sent()
    {
        using var queue = await TestWebhookQueue.CreateAsync(cluster);
        await queue.SetDisabledAsync(true);
        queue.Add("vk_a");
        queue.Deliveries.Pausing = () => queue.SetDisabledAsync(false);

        await queue.RunAsync();

        Assert.Single(queue.Receiver.Accepted);
        Assert.Equal(0, queue.Deliveries.Count(WebhookDeliveryStatus.Paused));
    }

    [Fact]
    public async Task Nothing_of_a_deleted_webhook_is_sent_or_kept()
    {
        using var queue = await TestWebhookQueue.CreateAsync(cluster);
        AddKeys(queue, 3);
        await queue.DeleteAsync();

        await queue.RunAsync();

        Assert.Empty(queue.Receiver.Messages);
        Assert.Equal(0, queue.Deliveries.Count(WebhookDeliveryStatus.Pending));
    }

    [Fact]
    public async Task A_delivery_that_is_added_while_the_queue_waits_is_sent_at_once()
    {
        using var queue = await TestWebhookQueue.CreateAsync(cluster);
        queue.Receiver.RespondWith(message => message.VirtualKeyId == "vk_refused"
            ? HttpStatusCode.InternalServerError
            : HttpStatusCode.OK);
        queue.Add("vk_refused");
        _ = queue.StartAsync();
        await queue.Clock.WaitForTimerAsync();
        Assert.Null(queue.Queue.DueSince);

        DateTimeOffset? dueSince = null;
        queue.Receiver.RespondWith(_ =>
        {
            dueSince = queue.Queue.DueSince;
            return HttpStatusCode.OK;
        });
        queue.Add("vk_added");
        queue.Queue.Wake();

        await Wait.UntilAsync(() => queue.Receiver.Accepted.Count == 1);
        Assert.Equal(queue.Clock.GetUtcNow(), dueSince);
    }

    private static void AddKeys(TestWebhookQueue queue, int count)
    {
        for (var key = 10; key < 10 + count; key++) queue.Add($"vk_{key}");
    }

    private static int CountRounds(TestWebhookQueue queue, int since = 0) =>
        queue.Deliveries.Attempts.Skip(since).Select(recorded => recorded.Attempt.At).Distinct().Count();

    /// <summary>Asserts that a delay is the expected one, which varies at random by a tenth.</summary>
    private static void AssertDelay(TimeSpan expected, TimeSpan delay) =>
        Assert.InRange(delay, expected * 0.9, expected * 1.1);
}
