using OpenTelemetry;
using OpenTelemetry.Logs;

namespace KeysCluster.Hosting;

/// <summary>
/// Adds the id of the log event as an attribute. The exporter itself sends only the name of the event, which a message
/// without an explicit name takes from its method.
/// </summary>
internal sealed class EventIdProcessor : BaseProcessor<LogRecord>
{
    /// <summary>The name of the attribute.</summary>
    private const string Attribute = "event.id";

    public override void OnEnd(LogRecord data)
    {
        if (data.EventId.Id == 0) return;
        data.Attributes = [.. data.Attributes ?? [], new KeyValuePair<string, object?>(Attribute, data.EventId.Id)];
    }
}
