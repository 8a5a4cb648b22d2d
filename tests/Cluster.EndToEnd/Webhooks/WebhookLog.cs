using System.Globalization;
using System.Text.Json;
using KeysCluster.Cluster.EndToEnd.Checking;
using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Webhooks;

/// <summary>
/// Records the messages that the endpoints of a run receive, by event. A message that is repeated adds nothing but a
/// count. Thread-safe.
/// </summary>
internal sealed class WebhookLog
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _secrets = [];
    private readonly Dictionary<(string Project, long Position), WebhookDelivery> _deliveries = [];
    private readonly List<WebhookSlowness> _slowness = [];

    /// <summary>The projects that have a webhook.</summary>
    public IReadOnlySet<string> Projects
    {
        get
        {
            lock (_lock) return _secrets.Keys.ToHashSet();
        }
    }

    public IReadOnlyList<WebhookDelivery> Deliveries
    {
        get
        {
            lock (_lock) return [.. _deliveries.Values];
        }
    }

    /// <summary>The times in which an endpoint was slow to respond.</summary>
    public IReadOnlyList<WebhookSlowness> Slowness
    {
        get
        {
            lock (_lock) return [.. _slowness];
        }
    }

    /// <summary>Adds the webhook of a project.</summary>
    public void AddWebhook(string project, string secret)
    {
        lock (_lock) _secrets.Add(project, secret);
    }

    /// <summary>Records that a message arrived.</summary>
    /// <param name="project">The project whose endpoint received it.</param>
    /// <param name="getHeader">Returns the value of a header; null when it is missing.</param>
    /// <param name="body">The body.</param>
    /// <param name="now">The current time.</param>
    /// <returns>The delivery, with the refusals before.</returns>
    public WebhookDelivery Receive(string project, Func<string, string?> getHeader, string body, Moment now)
    {
        var id = getHeader("webhook-id");
        var received = Parse(project, id ?? "", body, now);
        lock (_lock)
        {
            if (WebhookSignature.FindFault(
                id,
                getHeader("webhook-timestamp"),
                getHeader("webhook-signature"),
                body,
                _secrets[project],
                now.WallClock) is { } reason)
                received = received with { Fault = new WebhookFault(RuleNames.WebhookNotSigned, reason) };
            var known = _deliveries.GetValueOrDefault((project, received.Position), received);
            if ((known.MessageId, known.Owner, known.Type) != (received.MessageId, received.Owner, received.Type))
            {
                received = received with
                {
                    Fault = new WebhookFault(
                        RuleNames.WebhookOfNoEvent,
                        $"{known.MessageId} ({known.Type}) and {received.MessageId} ({received.Type}) share an event."),
                };
            }

            return _deliveries[(project, received.Position)] = known with
            {
                Attempts = known.Attempts + 1,
                Fault = known.Fault ?? received.Fault,
            };
        }
    }

    /// <summary>Records how the endpoint responded, or is about to.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="reply">The response.</param>
    /// <param name="arrivedAt">When the message arrived.</param>
    /// <param name="now">The current time.</param>
    public void Respond(WebhookDelivery delivery, WebhookReply reply, Moment arrivedAt, Moment now)
    {
        lock (_lock)
        {
            var known = _deliveries[(delivery.Project, delivery.Position)];
            if (reply.IsSlow) _slowness.Add(new WebhookSlowness(delivery.Project, arrivedAt, now));
            _deliveries[(delivery.Project, delivery.Position)] = reply.IsAccepted
                ? known with
                {
                    Acceptances = known.Acceptances + 1,
                    ArrivedAt = known.ArrivedAt ?? arrivedAt,
                    AcceptedAt = known.AcceptedAt ?? now,
                }
                : known with { Refusals = known.Refusals + 1 };
        }
    }

    private static WebhookDelivery Parse(string project, string id, string body, Moment now)
    {
        var unreadable = new WebhookDelivery
        {
            Project = project,
            Position = -1,
            MessageId = id,
            Owner = project,
            Type = "",
            FirstArrivedAt = now,
            Fault = new WebhookFault(RuleNames.WebhookOfNoEvent, "The message does not contain an event."),
        };
        try
        {
            using var json = JsonDocument.Parse(body);
            var (type, data) = (json.RootElement.GetProperty("type"), json.RootElement.GetProperty("data"));
            return unreadable with
            {
                Position = long.Parse(data.GetProperty("id").GetString()!, CultureInfo.InvariantCulture),
                Owner = string.Intern(
                    data.GetProperty("virtual_key_id").GetString() ?? data.GetProperty("project_id").GetString()!),
                Type = string.Intern(type.GetString()!),
                Fault = null,
            };
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or FormatException or ArgumentNullException
                or InvalidOperationException)
        {
            return unreadable;
        }
    }
}
