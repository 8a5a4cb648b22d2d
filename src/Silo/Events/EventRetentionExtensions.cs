namespace KeysCluster.Silo.Events;

internal static class EventRetentionExtensions
{
    /// <summary>Adds the deletion of old events.</summary>
    public static void AddEventRetention(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<EventRetentionOptions>()
            .Bind(builder.Configuration.GetSection("Events"))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddHostedService<EventRetentionService>();
    }
}
