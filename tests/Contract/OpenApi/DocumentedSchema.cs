using System.Text.Json.Nodes;
using KeysCluster.Contract.Tests.Services;
using NJsonSchema;

namespace KeysCluster.Contract.Tests.OpenApi;

/// <summary>
/// A schema of the OpenAPI document that the service generates, which responses are validated against.
/// </summary>
internal sealed class DocumentedSchema
{
    private const string Components = "#/components/schemas/";

    private readonly JsonSchema _schema;

    private DocumentedSchema(JsonSchema schema) => _schema = schema;

    /// <summary>Loads the schema of a response with status 200.</summary>
    public static async Task<DocumentedSchema> OfResponseAsync(TestService service, string path, string method)
    {
        var document = await LoadAsync(service);
        var content = document["paths"]![path]![method]!["responses"]!["200"]!["content"]!["application/json"]!;
        return await CreateAsync(document, content["schema"]!);
    }

    /// <summary>Loads a schema by its name.</summary>
    public static async Task<DocumentedSchema> OfComponentAsync(TestService service, string name) =>
        await CreateAsync(await LoadAsync(service), new JsonObject { ["$ref"] = Components + name });

    /// <summary>Validates a body.</summary>
    public IReadOnlyList<string> GetViolations(string body) =>
        [.. _schema.Validate(body).Select(error => $"{error.Path}: {error.Kind}")];

    private static async Task<JsonNode> LoadAsync(TestService service)
    {
        using var client = service.CreateAnonymousClient();
        var response = await client.SendAsync(HttpMethod.Get, "/openapi/v1.json");
        response.EnsureStatus(HttpStatusCode.OK);
        return JsonNode.Parse(response.Body)!;
    }

    private static async Task<DocumentedSchema> CreateAsync(JsonNode document, JsonNode schema)
    {
        var root = new JsonObject
        {
            ["allOf"] = new JsonArray(schema.DeepClone()),
            ["definitions"] = document["components"]!["schemas"]!.DeepClone(),
        };
        var json = root.ToJsonString().Replace(Components, "#/definitions/", StringComparison.Ordinal);
        return new DocumentedSchema(await JsonSchema.FromJsonAsync(json));
    }
}
