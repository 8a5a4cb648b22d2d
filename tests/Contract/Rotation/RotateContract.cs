using System.Globalization;
using NJsonSchema;
using YamlDotNet.Serialization;

namespace KeysCluster.Contract.Tests.Rotation;

/// <summary>The published contract of the rotate operation, as schemas that responses are validated against.</summary>
internal sealed class RotateContract
{
    /// <summary>The path as the contract spells it, which is not taken from <see cref="Routes"/>.</summary>
    public const string Path = "/api/gateway/v1/virtual-keys/{id}/rotate";

    private readonly Dictionary<int, JsonSchema> _schemas;

    private RotateContract(string operationId, Dictionary<int, JsonSchema> schemas) =>
        (OperationId, _schemas) = (operationId, schemas);

    public string OperationId { get; }

    /// <summary>The statuses that the contract defines.</summary>
    public IReadOnlyCollection<int> Statuses => _schemas.Keys;

    public static async Task<RotateContract> LoadAsync()
    {
        using var yaml = File.OpenText(Repository.RotateContractFile);
        var deserializer = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var serializer = new SerializerBuilder().JsonCompatible().Build();
        using var contract = JsonDocument.Parse(serializer.Serialize(deserializer.Deserialize(yaml)!));
        var operation = contract.RootElement.GetProperty("paths").GetProperty(Path).GetProperty("post");

        var schemas = new Dictionary<int, JsonSchema>();
        foreach (var response in operation.GetProperty("responses").EnumerateObject())
        {
            var content = response.Value.GetProperty("content").GetProperty("application/json");
            var schema = await JsonSchema.FromJsonAsync(content.GetProperty("schema").GetRawText());
            schemas.Add(int.Parse(response.Name, CultureInfo.InvariantCulture), schema);
        }

        return new RotateContract(operation.GetProperty("operationId").GetString()!, schemas);
    }

    /// <summary>Asserts that a response has a status, and matches a schema: that of the status by default.</summary>
    public static async Task AssertMatchesAsync(ApiResponse response, int status, int? schema = null)
    {
        Assert.Equal(status, (int)response.Status);
        Assert.StartsWith("application/json", response.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Empty((await LoadAsync()).GetViolations(schema ?? status, response.Body));
    }

    /// <summary>Returns the schema of a status. Statuses outside the contract share the schema of its errors.</summary>
    public JsonSchema GetSchema(int status) => _schemas.GetValueOrDefault(status) ?? _schemas[400];

    /// <summary>Validates a body against the schema of its status.</summary>
    public IReadOnlyList<string> GetViolations(int status, string body) =>
        [.. GetSchema(status).Validate(body).Select(error => $"{error.Path}: {error.Kind}")];
}
