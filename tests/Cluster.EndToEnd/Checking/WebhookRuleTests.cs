using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Webhooks;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>
/// Tests the rules of webhooks with a key that was created (event 1) and rotated twice (events 2 and 3). A message
/// arrives each second.
/// </summary>
public sealed class WebhookRuleTests
{
    private const string Project = "project_1";
    private const string Key = "vk_1";
    private const string OtherKey = "vk_2";

    private static readonly DateTimeOffset StartTime = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string Secret = NewSecret();

    private readonly WebhookLog _log = new();
    private readonly List<OwnerEvent> _events =
    [
        NewEvent(1, EventType.Created),
        NewEvent(2, EventType.Rotated),
        NewEvent(3, EventType.Rotated),
        NewEvent(4, EventType.Replayed),
    ];

    private double _second;

    public WebhookRuleTests() => _log.AddWebhook(Project, Secret);

    [Fact]
    public void Every_event_is_delivered()
    {
        Send(1).Send(2).Send(3);
        Assert.Empty(Check());
    }

    [Fact]
    public void An_event_that_was_not_accepted_is_lost()
    {
        Send(1).Send(2).Send(3, HttpStatusCode.InternalServerError);
        Assert.Equal([RuleNames.WebhookEventLost], Check());
        Assert.Empty(Check(isComplete: false));
    }

    [Fact]
    public void An_event_that_was_skipped_is_lost_at_once()
    {
        Send(1).Send(3);
        Assert.Equal([RuleNames.WebhookEventLost], Check(isComplete: false));
    }

    [Fact]
    public void An_event_is_first_accepted_after_the_earlier_ones_of_its_key()
    {
        Send(1).Send(3).Send(2);
        Assert.Equal([RuleNames.WebhookOutOfOrder], Check());
    }

    [Fact]
    public void A_refused_message_does_not_count_as_the_first()
    {
        Send(1).Send(2, HttpStatusCode.InternalServerError).Send(3).Send(2);
        Assert.Equal([RuleNames.WebhookOutOfOrder], Check());
    }

    [Fact]
    public void A_message_that_is_refused_before_it_is_accepted_is_in_order()
    {
        Send(1).Send(2, HttpStatusCode.InternalServerError).Send(2).Send(3);
        Assert.Empty(Check());
    }

    [Fact]
    public void A_message_may_be_repeated_after_later_ones()
    {
        Send(1).Send(2).Send(3).Send(2).Send(1);
        Assert.Empty(Check());
    }

    [Fact]
    public void Keys_have_no_order_between_them()
    {
        _events.Add(NewEvent(5, EventType.Created, OtherKey));
        Send(5, owner: OtherKey, type: "virtual_key.created").Send(1).Send(2).Send(3);
        Assert.Empty(Check());
    }

    [Fact]
    public void A_message_is_signed_with_the_secret_of_the_webhook()
    {
        Send(1).Send(2, secret: NewSecret()).Send(3);
        Assert.Equal([RuleNames.WebhookNotSigned], Check());
    }

    [Fact]
    public void A_repeated_message_is_signed_too()
    {
        Send(1).Send(2).Send(3).Send(3, secret: NewSecret());
        Assert.Equal([RuleNames.WebhookNotSigned], Check());
    }

    [Fact]
    public void A_message_is_of_an_event()
    {
        Send(1).Send(2).Send(3).Send(9);
        Assert.Equal([RuleNames.WebhookOfNoEvent], Check());
    }

    /// <summary>Such as an erasure after the end of the run.</summary>
    [Fact]
    public void A_message_that_arrives_after_the_events_were_read_may_be_of_a_later_event()
    {
        Send(1).Send(2).Send(3);
        var readAt = MomentAt(_second);
        Send(9);
        Assert.Empty(Check(readAt: readAt));
    }

    [Fact]
    public void A_message_has_the_key_and_the_type_of_its_event()
    {
        Send(1).Send(2, type: "virtual_key.revoked").Send(3, owner: OtherKey);
        Assert.Equal([RuleNames.WebhookOfNoEvent, RuleNames.WebhookOfNoEvent], Check());
    }

    [Fact]
    public void A_repeated_message_has_the_same_id()
    {
        Send(1).Send(2).Send(3).Send(3, messageId: "msg_other");
        Assert.Equal([RuleNames.WebhookOfNoEvent], Check());
    }

    [Fact]
    public void An_event_that_webhooks_do_not_deliver_has_no_message()
    {
        Send(1).Send(2).Send(3).Send(4, type: "virtual_key.replayed");
        Assert.Equal([RuleNames.WebhookOfNoEvent], Check());
    }

    [Fact]
    public void A_message_without_an_event_is_reported()
    {
        Send(1).Send(2).Send(3);
        Receive("msg_x", "{}", Secret, HttpStatusCode.NoContent);
        Assert.Equal([RuleNames.WebhookOfNoEvent], Check());
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void An_erasure_is_delivered_if_the_grace_period_ended_by_itself(bool wasExpired, bool isDelivered)
    {
        var replaced = new OwnerState
        {
            Revision = 3,
            Current = "b",
            Secrets = ImmutableDictionary<string, SecretRecord>.Empty
                .Add("a", new SecretRecord(StartTime, wasExpired))
                .Add("b", new SecretRecord()),
        };
        _events[2] = _events[2] with { After = replaced };
        _events[3] = NewEvent(4, EventType.Erased) with
        {
            After = replaced with { Secrets = replaced.Secrets.Remove("a") },
        };
        Send(1).Send(2).Send(3);
        Assert.Equal(isDelivered ? [RuleNames.WebhookEventLost] : [], Check());
        Send(4, type: "virtual_key.secret_expired");
        Assert.Equal(isDelivered ? [] : [RuleNames.WebhookOfNoEvent], Check());
    }

    /// <summary>The example of the specification of Standard Webhooks.</summary>
    [Theory]
    [InlineData("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", 0, true)]
    [InlineData("v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", 0, true)]
    [InlineData("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA=", 0, false)]
    [InlineData("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", 301, false)]
    [InlineData(null, 0, false)]
    public void Signatures_are_those_of_Standard_Webhooks(string? signatures, int age, bool isValid)
    {
        var fault = WebhookSignature.FindFault(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "1614265330",
            signatures,
            """{"test": 2432232314}""",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            DateTimeOffset.FromUnixTimeSeconds(1614265330 + age));
        Assert.Equal(isValid, fault is null);
    }

    private List<string> Check(bool isComplete = true, Moment? readAt = null) =>
    [
        .. WebhookRules.Check(_events, readAt ?? MomentAt(_second + 1), _log.Projects, _log.Deliveries, isComplete)
            .Select(violation => violation.Rule),
    ];

    private WebhookRuleTests Send(
        long position,
        HttpStatusCode status = HttpStatusCode.NoContent,
        string? secret = null,
        string owner = Key,
        string? type = null,
        string? messageId = null)
    {
        type ??= position == 1 ? "virtual_key.created" : "virtual_key.rotated";
        var body = $$$"""
            {"type":"{{{type}}}","data":{"id":"{{{position}}}","virtual_key_id":"{{{owner}}}"}}
            """;
        return Receive(messageId ?? $"msg_{position}", body, secret ?? Secret, status);
    }

    private WebhookRuleTests Receive(string id, string body, string secret, HttpStatusCode status)
    {
        var now = MomentAt(++_second);
        var timestamp = now.WallClock.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var signature = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}"));
        var headers = new Dictionary<string, string>
        {
            ["webhook-id"] = id,
            ["webhook-timestamp"] = timestamp,
            ["webhook-signature"] = "v1," + Convert.ToBase64String(signature),
        };
        var delivery = _log.Receive(Project, headers.GetValueOrDefault, body, now);
        _log.Respond(delivery, new WebhookReply(status, TimeSpan.Zero), now, now);
        return this;
    }

    private static OwnerEvent NewEvent(long position, string type, string owner = Key) => new()
    {
        Owner = owner,
        Project = Project,
        Position = position,
        Number = position,
        Type = type,
        At = StartTime.AddSeconds(position),
        After = new OwnerState
        {
            Revision = position,
            Current = "a",
            Secrets = ImmutableDictionary<string, SecretRecord>.Empty.Add("a", new SecretRecord()),
        },
    };

    private static string NewSecret() => "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static Moment MomentAt(double second) =>
        new((long)(second * TimeSpan.TicksPerSecond), StartTime.AddSeconds(second));
}
