using System.Data.Common;

namespace KeysCluster.Silo.Storage;

internal static class DbCommandExtensions
{
    /// <summary>Adds a parameter; works with every ADO.NET provider.</summary>
    public static void AddParameter(this DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
