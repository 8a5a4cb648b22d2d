namespace KeysCluster.Api.Errors;

/// <summary>Documents a failure that a call may answer with.</summary>
internal sealed record DocumentedError(ErrorResult Error);

internal static class ErrorMetadata
{
    /// <summary>Documents which failures a call may answer with.</summary>
    public static TBuilder ProducesErrors<TBuilder>(this TBuilder builder, params IEnumerable<ErrorResult> errors)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (var error in errors)
        {
            builder.WithMetadata(
                new ProducesResponseTypeMetadata(error.Status, typeof(ErrorBody), ["application/json"]),
                new DocumentedError(error));
        }

        return builder;
    }
}
