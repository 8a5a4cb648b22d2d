namespace KeysCluster.Api.Errors;

internal static class ErrorMetadata
{
    /// <summary>Documents which failures a call may answer with.</summary>
    public static TBuilder ProducesErrors<TBuilder>(this TBuilder builder, params ReadOnlySpan<int> statuses)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in statuses)
            builder.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ErrorBody), ["application/json"]));
        return builder;
    }
}
