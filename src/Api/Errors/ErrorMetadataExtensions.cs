namespace KeysCluster.Api.Errors;

internal static class ErrorMetadataExtensions
{
    /// <summary>Documents errors that an endpoint can return.</summary>
    public static TBuilder ProducesErrors<TBuilder>(this TBuilder builder, params IEnumerable<ErrorResult> errors)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (var error in errors)
        {
            builder.WithMetadata(
                new ProducesResponseTypeMetadata(error.Status, typeof(ErrorResponse), ["application/json"]),
                new DocumentedError(error));
        }

        return builder;
    }
}
