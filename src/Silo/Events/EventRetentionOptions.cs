using System.ComponentModel.DataAnnotations;

namespace KeysCluster.Silo.Events;

/// <summary>Configures how long events are kept.</summary>
internal sealed class EventRetentionOptions
{
    /// <summary>
    /// How long an event is kept (<c>Events:KeepFor</c>): 1 day to 100 years. Caches follow the events within seconds,
    /// so they have applied each one long before it is deleted.
    /// </summary>
    /// <value>The default is 400 days.</value>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00",
        ErrorMessage = "Events:KeepFor must be a time from 1.00:00:00 to 36500.00:00:00 (days.hours:minutes:seconds).")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(400);
}
