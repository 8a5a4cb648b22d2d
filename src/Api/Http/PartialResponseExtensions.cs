namespace KeysCluster.Api.Http;

internal static class PartialResponseExtensions
{
    /// <summary>Documents what callers with fewer permissions get from an endpoint, instead of its response.</summary>
    public static RouteHandlerBuilder ProducesPartly<TResponse>(this RouteHandlerBuilder builder) =>
        builder.WithMetadata(new PartialResponse(typeof(TResponse)));
}
