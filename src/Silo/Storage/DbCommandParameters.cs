using System.Data.Common;

namespace KeysCluster.Silo.Storage;

internal static class DbCommandParameters
{
    /// <summary>Adds a parameter in the way that every ADO.NET provider understands.</summary>
    public static void Add(this DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
