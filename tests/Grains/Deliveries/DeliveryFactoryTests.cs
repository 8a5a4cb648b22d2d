using KeysCluster.Events;
using KeysCluster.Grains.Deliveries;
using KeysCluster.Grains.Webhooks;
using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Tests.Deliveries;

/// <summary>The order in which deliveries are listed: that of their ids.</summary>
public sealed class DeliveryFactoryTests
{
    [Fact]
    public void Deliveries_of_the_same_millisecond_are_listed_in_the_order_of_their_events()
    {
        var factory = new DeliveryFactory();
        var ids = Enumerable.Range(1, 1000)
            .Select(position => Create(factory, position, TestData.Start))
            .ToList();

        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void A_delivery_is_listed_after_those_before_it_when_the_clock_is_set_back()
    {
        var factory = new DeliveryFactory();
        var first = Create(factory, 1, TestData.Start);
        var second = Create(factory, 2, TestData.Start - TestData.Millisecond);
        var third = Create(factory, 3, TestData.Start + TestData.Millisecond);

        Assert.Equal([first, second, third], new[] { third, second, first }.Order(StringComparer.Ordinal));
    }

    private static string Create(DeliveryFactory factory, long position, DateTimeOffset now)
    {
        var delivery = factory.Create(
            new RecordedEvent
            {
                Position = position,
                Type = "virtual_key.created",
                ProjectId = TestData.Project.ToString(),
                Revision = 1,
                ActorName = "a caller",
                At = "2026-11-22T10:15:00.000Z",
            },
            new WebhookState
            {
                Id = WebhookId.New(now).ToString(),
                Url = "https://example.com/",
                CreatedAt = TestData.Start,
                Secrets = [],
            },
            now);
        return Assert.IsType<NewDelivery>(delivery).Id.ToString();
    }
}
