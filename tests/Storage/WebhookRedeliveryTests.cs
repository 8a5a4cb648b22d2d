using KeysCluster.Events;
using KeysCluster.Grains.Deliveries;
using KeysCluster.Silo.Storage.Webhooks;
using KeysCluster.TestKit;
using KeysCluster.Webhooks;

namespace KeysCluster.Storage.Tests;

/// <summary>How the database keeps requests to send the events of a webhook again.</summary>
public abstract class WebhookRedeliveryTests : StorageTest
{
    private static readonly DateTimeOffset Time = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly ProjectId Project = ProjectId.New(Time);
    private static readonly WebhookId Webhook = WebhookId.New(Time);
    private static readonly EventPosition Position =
        new("timeline", Since: null, Until: null, Last: 7, LastAt: "2026-11-22T11:00:00.000Z");

    private protected WebhookRedeliveryTests()
    {
    }

    private protected WebhookRedeliveryTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    private Redeliveries Stored => new(Database.ServiceDataSource, ServiceId);

    private DeliveryLog Log => new(Database.ServiceDataSource, ServiceId);

    [Fact]
    public async Task A_request_continues_where_its_last_page_ended_until_it_is_complete()
    {
        Assert.Equal(Time, await AddAsync(Time));
        var request = await FindAsync();
        Assert.Equal((Project, Webhook, Time, null), (request.ProjectId, request.WebhookId, request.Since,
            request.Position));

        Assert.True(await Stored.ContinueAsync(request, Position, [CreateDelivery(1)], default));
        request = await FindAsync();
        Assert.Equal(Position, request.Position);

        Assert.True(await Stored.ContinueAsync(request, next: null, [CreateDelivery(2)], default));
        Assert.Empty(await Stored.ListAsync(limit: 10, default));
        Assert.Equal([2, 1], await ListAsync(WebhookDeliveryStatus.Pending));
    }

    [Fact]
    public async Task A_request_while_one_is_in_progress_starts_over_from_the_earlier_time()
    {
        await AddAsync(Time);
        Assert.True(await Stored.ContinueAsync(await FindAsync(), Position, [], default));

        Assert.Equal(Time, await AddAsync(Time.AddHours(1)));
        Assert.Null((await FindAsync()).Position);

        Assert.Equal(Time.AddHours(-1), await AddAsync(Time.AddHours(-1)));
        Assert.Equal(Time.AddHours(-1), (await FindAsync()).Since);
    }

    [Fact]
    public async Task A_page_that_was_read_before_another_request_or_page_is_not_stored()
    {
        await AddAsync(Time);
        var before = await FindAsync();
        await AddAsync(Time);
        Assert.False(await Stored.ContinueAsync(before, next: null, [CreateDelivery(1)], default));

        var current = await FindAsync();
        Assert.True(await Stored.ContinueAsync(current, Position, [], default));
        Assert.False(await Stored.ContinueAsync(current, Position, [CreateDelivery(1)], default));
        Assert.Empty(await ListAsync(status: null));
    }

    [Fact]
    public async Task An_event_that_was_delivered_is_pending_again_with_the_same_id()
    {
        await AddAsync(Time);
        await Stored.ContinueAsync(await FindAsync(), Position, [CreateDelivery(1), CreateDelivery(2)], default);
        await Database.ExecuteScalarAsync("UPDATE KeysWebhookDelivery SET Status = 1, NextAttemptAt = NULL");
        var delivered = await Log.ListAsync(Project, Webhook, status: null, after: null, limit: 10, default);

        await Stored.ContinueAsync(await FindAsync(), next: null, [CreateDelivery(2)], default);

        Assert.Equal([2], await ListAsync(WebhookDeliveryStatus.Pending));
        var listed = await Log.ListAsync(Project, Webhook, status: null, after: null, limit: 10, default);
        Assert.Equal(
            delivered.Deliveries.Select(delivery => delivery.Id), listed.Deliveries.Select(delivery => delivery.Id));
    }

    private static NewDelivery CreateDelivery(long position) => new(
        WebhookDeliveryId.New(Time.AddSeconds(position)),
        Project,
        Webhook,
        "vk_1",
        position,
        "virtual_key.created",
        "{}",
        Time);

    private Task<DateTimeOffset> AddAsync(DateTimeOffset since) => Stored.AddAsync(Project, Webhook, since, default);

    private async Task<Redelivery> FindAsync() => Assert.Single(await Stored.ListAsync(limit: 10, default));

    /// <summary>Returns the positions of the deliveries, latest first.</summary>
    private async Task<IEnumerable<long?>> ListAsync(WebhookDeliveryStatus? status)
    {
        var page = await Log.ListAsync(Project, Webhook, status, after: null, limit: 10, default);
        return page.Deliveries.Select(delivery => delivery.Position);
    }
}
