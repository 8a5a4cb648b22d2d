using System.Text;
using Microsoft.AspNetCore.Authentication;

namespace KeysCluster.WebConsole.OpenIdConnect;

/// <summary>Serializes a text, such as a nonce.</summary>
internal sealed class TextSerializer : IDataSerializer<string>
{
    public byte[] Serialize(string model) => Encoding.UTF8.GetBytes(model);

    public string Deserialize(byte[] data) => Encoding.UTF8.GetString(data);
}
