namespace KeysCluster.Api.OpenApi;

/// <summary>Configures the documents of the API.</summary>
internal sealed class DocumentOptions
{
    /// <summary>
    /// Whether <c>/docs</c> and <c>/openapi/v1.json</c> exist (<c>Api:Documents</c>). Both can be read without a key.
    /// </summary>
    /// <value>The default is true.</value>
    public bool Documents { get; set; } = true;
}
