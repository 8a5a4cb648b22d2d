using System.Globalization;

namespace KeysCluster.Contract.Tests.Services;

/// <summary>Formats instants as the API does.</summary>
internal static class Timestamps
{
    public static string FromNow(TimeSpan offset) => Format(TimeProvider.System.GetUtcNow() + offset);

    public static string Format(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
