using KeysCluster.Events;
using KeysCluster.Grains.Deliveries;
using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Tests.Deliveries;

public sealed class DeliveredEventTypesTests
{
    private const string RemovedSecret = """
        {"secrets.secret_1":{"old":{"valid_until":"2026-01-01T00:00:00.000Z"},"new":null}}
        """;

    private const string RemovedExpiredSecret = """
        {"secrets.secret_1":{"old":{"valid_until":"2026-01-01T00:00:00.000Z","is_expired":true},"new":null}}
        """;

    [Fact]
    public void Every_type_that_can_be_selected_is_delivered_under_its_name()
    {
        var own = WebhookEventTypes.All.Except(["virtual_key.secret_expired", "api_key.secret_expired"]);
        Assert.All(own, type => Assert.Equal(type, Find(type)));
    }

    [Theory]
    [InlineData("virtual_key.deadline_changed", null, "virtual_key.updated")]
    [InlineData("virtual_key.retiring_secrets_expired", null, "virtual_key.secret_expired")]
    [InlineData("virtual_key.erased", RemovedSecret, "virtual_key.secret_expired")]
    [InlineData("virtual_key.erased", RemovedExpiredSecret, null)]
    [InlineData("virtual_key.erased", null, null)]
    [InlineData("virtual_key.replayed", null, null)]
    [InlineData("virtual_key.rehashed", null, null)]
    [InlineData("virtual_key.altered", null, null)]
    [InlineData("api_key.erased", RemovedSecret, "api_key.secret_expired")]
    [InlineData("webhook.rotated", null, "webhook.updated")]
    [InlineData("webhook.resealed", null, null)]
    public void Other_events_are_delivered_under_the_type_of_their_effect(
        string type, string? changes, string? delivered) =>
        Assert.Equal(delivered, Find(type, changes));

    private static string? Find(string type, string? changes = null) => DeliveredEventTypes.Find(new RecordedEvent
    {
        Position = 1,
        Type = type,
        ProjectId = "project_01M8J3E3E90HPB7BN6G0D51BSR",
        Revision = 1,
        ActorName = "a",
        At = "2026-01-01T00:00:00.000Z",
        Changes = changes,
    });
}
