using KeysCluster.Api.Errors;

namespace KeysCluster.Api.Http;

/// <summary>Endpoint metadata: the endpoint accepts larger bodies than others.</summary>
/// <param name="Bytes">The maximum size, at most <see cref="RequestLimits.MaxDiscardedBodyBytes"/>.</param>
/// <param name="Error">The error for a larger body.</param>
internal sealed record BodyLimit(int Bytes, ErrorResult Error)
{
    private static readonly BodyLimit Default = new(RequestLimits.MaxBodyBytes, ApiErrors.PayloadTooLarge);

    /// <summary>Returns the limit of the endpoint that was selected for a request.</summary>
    public static BodyLimit Get(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<BodyLimit>() ?? Default;
}
