using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using KeysCluster.Time;
using KeysCluster.Webhooks;

namespace KeysCluster.Silo.Storage.Webhooks;

/// <summary>How the columns of <c>KeysWebhookDelivery</c> are read and written.</summary>
internal static class DeliveryColumns
{
    /// <summary>The attempts of a delivery that are kept.</summary>
    private const int MaxAttempts = 20;

    public static string Format(DateTimeOffset time) => UtcMillisecondJsonConverter.Format(time);

    public static object FormatOrNull(DateTimeOffset? time) => time is { } value ? Format(value) : DBNull.Value;

    public static string FormatAttempts(IEnumerable<WebhookAttempt> attempts) =>
        JsonSerializer.Serialize(attempts.TakeLast(MaxAttempts));

    public static DateTimeOffset GetTime(this DbDataReader reader, int column) =>
        DateTimeOffset.Parse(reader.GetString(column), CultureInfo.InvariantCulture);

    public static DateTimeOffset? FindTime(this DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetTime(column);

    public static IReadOnlyList<WebhookAttempt> GetAttempts(this DbDataReader reader, int column) =>
        JsonSerializer.Deserialize<IReadOnlyList<WebhookAttempt>>(reader.GetString(column))!;
}
